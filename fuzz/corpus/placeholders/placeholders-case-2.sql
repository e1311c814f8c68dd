create table p2(k text, v text);
insert into p values ('b','${FLYWAY:TABLE}');
