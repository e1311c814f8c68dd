CREATE TABLE b (i text);

INSERT INTO b
  SELECT colour_of FROM a;
