PRAGMA foreign_keys=ON;
create table p(id integer primary key);
create table c(p references p(id));
