do $$ begin commit; end $$;
