/* ${nope} */
select $$ ${nope2} $$;
