create table a(i int primary key);
create table b(i int references a deferrable initially deferred);
insert into b values (5);
