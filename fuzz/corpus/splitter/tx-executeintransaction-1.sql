create table a(i int);
vacuum a;
