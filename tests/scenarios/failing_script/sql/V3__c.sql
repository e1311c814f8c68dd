CREATE TABLE c (i integer);
