create table t as select '{"a":1}'::jsonb ? 'a' as q, '{"a":1}'::jsonb ?| array['a'] r;
