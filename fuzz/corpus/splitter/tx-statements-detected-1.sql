create table a(i int);
create type e as enum ('x');
