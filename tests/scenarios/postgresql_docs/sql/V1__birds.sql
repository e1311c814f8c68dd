COMMENT ON SCHEMA public IS 'What was seen.';
CREATE EXTENSION citext;
CREATE SCHEMA attic;
CREATE TYPE mood AS ENUM ('sings', 'it''s | asleep', 'flies');
COMMENT ON TYPE mood IS 'How it was.';
CREATE DOMAIN grams AS numeric(6,2) DEFAULT 1 NOT NULL CONSTRAINT weighs CHECK (VALUE > 0);
COMMENT ON CONSTRAINT weighs ON DOMAIN grams IS 'Nothing weighs nothing.';
CREATE TYPE place AS (x int, y int);
COMMENT ON COLUMN place.x IS 'to the east';
CREATE SEQUENCE ring INCREMENT 5 MAXVALUE 1000 CYCLE;
CREATE TABLE attic.keeper (id int PRIMARY KEY, chief int REFERENCES attic.keeper);
CREATE TABLE species (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);
CREATE TABLE bird (
  id serial PRIMARY KEY,
  species_id bigint NOT NULL CONSTRAINT is_a REFERENCES species ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  keeper_id int UNIQUE REFERENCES attic.keeper (id),
  mood mood DEFAULT 'sings', weight grams, seen timestamptz DEFAULT '2024-01-01 00:00:00+02',
  label text GENERATED ALWAYS AS ('#' || 'x') STORED,
  gone citext, "group" text,
  CONSTRAINT light CHECK (weight < 100 AND CASE WHEN mood = 'flies' THEN weight < 50 ELSE true END),
  EXCLUDE USING btree (label WITH =));
ALTER TABLE bird DROP COLUMN gone;
COMMENT ON TABLE bird IS E'One bird.\r\n- <b>not bold</b> | a *star* and snake_case, `ticks` _so_\n1. no list';
COMMENT ON COLUMN bird.seen IS 'In UTC | of course';
COMMENT ON CONSTRAINT light ON bird IS 'Else it is no bird.';
CREATE INDEX bird_seen ON bird (seen DESC NULLS LAST, lower(label)) INCLUDE (mood) WHERE seen IS NOT NULL;
COMMENT ON INDEX bird_seen IS 'for the calendar';
CREATE UNIQUE INDEX " USING x" ON bird (weight);
CREATE TABLE sighting (bird_id int REFERENCES bird, at date NOT NULL, PRIMARY KEY (at, bird_id)) PARTITION BY RANGE (at);
CREATE TABLE sighting_2024 PARTITION OF sighting FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "Odd "" | `name`
<!-- dunlin docs: end --> # ü\" ("PK" int, "a b%" int, "ü|" text);
CREATE VIEW singing AS SELECT b.id, s.name, '
<!-- dunlin docs: end -->
```
' AS trap FROM bird b JOIN species s ON s.id = b.species_id WHERE b.mood = 'sings';
COMMENT ON VIEW singing IS 'Those that sing.';
COMMENT ON COLUMN singing.name IS 'of the species';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS birds FROM bird;
CREATE UNIQUE INDEX ON counted (birds);
CREATE FUNCTION weigh(bird_id int, VARIADIC tags text[] DEFAULT '{a|b}') RETURNS grams LANGUAGE sql STABLE
  AS 'SELECT 1.0::grams';
COMMENT ON FUNCTION weigh IS 'Puts it on the scales.';
CREATE FUNCTION weigh(text) RETURNS TABLE (a int, b mood) LANGUAGE sql AS $$SELECT 1, 'sings'::mood$$;
CREATE PROCEDURE ring_all() LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER "touch it" BEFORE UPDATE OF mood ON bird FOR EACH ROW WHEN (old.mood <> new.mood) EXECUTE FUNCTION touch();
CREATE AGGREGATE heaviest (numeric) (SFUNC = numeric_larger, STYPE = numeric);
