create table p(k text, v text);
insert into p values ('a','#[x]# ${x} #[flyway:table]#');
