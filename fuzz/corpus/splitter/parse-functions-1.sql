create function f() returns int language plpgsql as $fn$
declare q text := $q$select 1;$q$;
begin
  -- it's a comment; with quote
  execute q;
  if true then return 1; end if;
  return 2;
end;
$fn$;
create or replace function g() returns text as 'begin return ''x;y''; end;' language plpgsql;
do $$ begin perform f(); end; $$;
do language plpgsql 'begin perform 1; end';
create procedure p() language plpgsql as $$ begin null; end $$;
call p();
