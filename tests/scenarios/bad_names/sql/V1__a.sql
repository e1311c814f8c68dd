CREATE TABLE a (i integer);
