create table t(n int, s text);
insert into t values (1,E'a\';b');
insert into t values (2,'a'';b');
insert into t values (3,U&'d\0061t\+000061; x');
insert into t values (4,'back\');
insert into t values (5,e'\\');
insert into t values (6,B'101'::text);
create table "semi;colon""q"("a;b" int);
insert into t values (7,'multi
line;
--not a comment
/* nor this */');
insert into t values (8,'a' 
 'b;');
insert into t values (9, N'n;');
