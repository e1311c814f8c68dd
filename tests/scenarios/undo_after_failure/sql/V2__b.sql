CREATE TABLE b (i INT);
SELECT missing;
