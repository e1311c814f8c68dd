create table a(i int primary key);
savepoint s;
insert into a values (1);
rollback to s;
insert into a values (2);
do $$ begin insert into a values (2); exception when unique_violation then insert into a values (3); end $$;
