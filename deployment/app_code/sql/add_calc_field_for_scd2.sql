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
  -- One value to compare instead of three; as JSON, in which every value has its name and quotes,
  -- since values joined by a sign are the same as others that hold the sign: 'a|b' and 'c', 'a' and
  -- 'b|c'
  md5(to_json(struct(name, email, state))) AS checksum
FROM ${input_view}
