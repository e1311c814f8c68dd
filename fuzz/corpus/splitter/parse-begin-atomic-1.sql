create table t(i int);
create function f(a int) returns int language sql begin atomic
  insert into t values (a);
  select case when a > 1 then 2 else 1 end;
end;
create procedure p() begin atomic insert into t values (9); insert into t values (10); end;
call p();
select f(5);
