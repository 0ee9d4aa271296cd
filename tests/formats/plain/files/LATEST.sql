SELECT 'not numbered';
