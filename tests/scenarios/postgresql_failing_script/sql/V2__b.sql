CREATE TABLE b (i integer);

INSERT INTO b
  SELECT colour_of FROM a;
