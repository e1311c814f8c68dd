create table t(n int, s text);
insert into t values (1,$$a;b'c"d$$);
insert into t values (2,$tag$a;$$;b$tag$);
insert into t values (3,$a$ $b$;$b$ $a$);
insert into t values (4,$ö_1$x;$ö_1$);
insert into t values (5,$$;$$||$$;$$);
select 1 as a$1;
insert into t values (6, '$$');
insert into t values (7, $$ends$$);