CREATE TABLE a (i integer, colour text);
