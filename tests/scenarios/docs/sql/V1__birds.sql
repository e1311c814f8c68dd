CREATE TABLE species (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, "odd | `name`" TEXT DEFAULT 'a|b');
CREATE TABLE bird (
  id INTEGER PRIMARY KEY,
  species_id INT NOT NULL REFERENCES species ON DELETE CASCADE, -- CHECK (not this one)
  weight REAL CONSTRAINT heavy CHECK (weight > 0 /* ) */ AND weight < 100),
  mother INT REFERENCES bird (id),
  pk TEXT, a INT, b INT,
  twice REAL GENERATED ALWAYS AS (weight * 2) STORED,
  UNIQUE (b, a), CHECK (a <> b));
CREATE INDEX bird_weight ON bird (weight DESC) WHERE weight IS NOT NULL;
CREATE VIEW heavy AS
SELECT id, weight FROM bird WHERE weight > 50;
CREATE TRIGGER weigh AFTER INSERT ON bird BEGIN UPDATE bird SET a = 1; END;
CREATE VIRTUAL TABLE notes USING fts5(body);
