begin;
create table b3(i int);
rollback;
create table b4(i int);
