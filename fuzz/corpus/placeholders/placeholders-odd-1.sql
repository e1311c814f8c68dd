create table p(k text, v text);
insert into p values ('empty','[${e}]');
insert into p values ('nested','${x}');
