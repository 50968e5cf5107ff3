-- The columns that make a row one version of a contact. A version holds from valid_from up to, but
-- not including, valid_to; the current version has no end yet.
SELECT
  id,
  name,
  email,
  state,
  DATE '${valid_from}' AS valid_from,
  CAST(NULL AS DATE) AS valid_to,
  1 AS iscurrent,
  -- One value to compare instead of three; coalesce, since concat_ws skips a null and would give
  -- ('a', null, 'b') and (null, 'a', 'b') the same checksum
  md5(concat_ws('|', coalesce(name, ''), coalesce(email, ''), coalesce(state, ''))) AS checksum
FROM ${input_view}
