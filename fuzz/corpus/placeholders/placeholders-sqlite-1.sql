create table p(k text, v text);
insert into p values ('defaultSchema','[${flyway:defaultSchema}]');
insert into p values ('user','[${flyway:user}]');
insert into p values ('database','[${flyway:database}]');
insert into p values ('filename','[${flyway:filename}]');
insert into p values ('table','[${flyway:table}]');
insert into p values ('environment','[${flyway:environment}]');
