CREATE TABLE raised (id INT);
DO $$ BEGIN RAISE WARNING 'careful' USING DETAIL = 'it is wet'; END $$;
