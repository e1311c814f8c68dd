create table p(k text, v text);
insert into p values ('str','${x}');
-- ${x} in a comment
/* ${x} */
insert into p values ('dollar',$$a ${x} b$$);
insert into p values ('tag',$t$${x}$t$);
create table "${t}_q"(i int);
create table ${t}_p(i int);
insert into p values ('twice','${x}${x}');
