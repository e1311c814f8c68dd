do $$ begin raise notice 'a notice'; raise warning 'a warning'; raise info 'an info'; end $$;
drop table if exists nowhere;
