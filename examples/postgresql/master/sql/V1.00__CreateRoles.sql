-- Roles belong to the whole cluster and may be there already, so they are made when missing and then
-- given the passwords of today. A password may hold any character: it stands between dollar tags with
-- a space on both sides, which substr() takes off, and %L quotes it.
DO $roles$
DECLARE
  passwords CONSTANT text[][] := ARRAY[
    ['read_only', $password$ ${READ_ONLY_PASSWORD} $password$],
    ['sample_application', $password$ ${SAMPLE_APPLICATION_PASSWORD} $password$]
  ];
  pair text[];
BEGIN
  FOREACH pair SLICE 1 IN ARRAY passwords LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = pair[1]) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', pair[1]);
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', pair[1], substr(pair[2], 2, length(pair[2]) - 2));
  END LOOP;
END
$roles$;
