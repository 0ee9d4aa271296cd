SELECT one FROM zoo.v;
