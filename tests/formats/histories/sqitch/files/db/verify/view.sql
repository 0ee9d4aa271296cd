SELECT two FROM zoo.v;
