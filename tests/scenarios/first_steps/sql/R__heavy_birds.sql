DROP VIEW IF EXISTS heavy_bird;
CREATE VIEW heavy_bird AS SELECT * FROM bird WHERE weight_g > 100;
