//! Names of functions that every dialect brings, so that a call of another is a call of the user's.

use hashbrown::HashSet;
use std::sync::LazyLock;

/// True for the name of an aggregate function.
pub(crate) fn is_aggregate(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "any_value",
        "approx_count_distinct",
        "approx_distinct",
        "approx_percentile",
        "array_agg",
        "avg",
        "bit_and",
        "bit_or",
        "bool_and",
        "bool_or",
        "checksum_agg",
        "collect_list",
        "collect_set",
        "corr",
        "count",
        "count_big",
        "count_if",
        "countif",
        "covar_pop",
        "covar_samp",
        "every",
        "group_concat",
        "grouping",
        "json_agg",
        "json_arrayagg",
        "json_object_agg",
        "json_objectagg",
        "jsonb_agg",
        "jsonb_object_agg",
        "listagg",
        "logical_and",
        "logical_or",
        "max",
        "max_by",
        "median",
        "min",
        "min_by",
        "mode",
        "percentile",
        "percentile_approx",
        "percentile_cont",
        "percentile_disc",
        "stddev",
        "stddev_pop",
        "stddev_samp",
        "stdev",
        "stdevp",
        "string_agg",
        "sum",
        "sumif",
        "uniq",
        "uniqexact",
        "var",
        "var_pop",
        "var_samp",
        "variance",
        "varp",
        "xmlagg",
        "argmax",
        "argmin",
        "arg_max",
        "arg_min",
        "hll",
        "object_agg",
    ];
    NAMES.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// True for the name of a function that a dialect brings itself, as far as such names are commonly known.
///
/// The parsers give most built-in functions a form of their own; this list is for those that they leave as plain calls.
pub(crate) fn is_builtin(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| BUILTIN.split_ascii_whitespace().collect());
    NAMES.contains(name.to_ascii_lowercase().as_str()) || is_aggregate(name)
}

const BUILTIN: &str = "
abs acos add_months age array array_append array_cat array_concat array_construct array_contains array_distinct array_join array_length array_position
array_remove array_size array_slice array_sort array_to_string arrays_zip ascii asin atan atan2 base64 bigint bin bit_length btrim cardinality cast cbrt ceil
ceiling char char_length character_length charindex chr coalesce collation concat concat_ws contains conv convert convert_timezone cos cot crc32 cube
cume_dist curdate current_database current_date current_schema current_setting current_time current_timestamp current_user curtime curval currval
database date date_add date_bin date_diff date_format date_from_parts date_from_unix_date date_part date_sub date_trunc dateadd datediff datediff_big
datefromparts datename datepart datetime datetime_add datetime_diff datetime_sub datetime_trunc datetime2fromparts datetimefromparts day dayname
dayofmonth dayofweek dayofyear decode degrees dense_rank difference div element_at elt encode endswith ends_with eomonth error_line error_message
error_number error_procedure error_severity error_state exp explode explode_outer extract field filter find_in_set first_value flatten floor format
format_date format_datetime format_timestamp from_base64 from_json from_unixtime from_utc_timestamp generate_array generate_date_array generate_series
generate_timestamp_array get get_json_object getdate getutcdate greatest grouping_id hash hashbytes hex host_name hour if iff ifnull iif ilike in initcap
inline instr int ident_current is_member isdate isjson isnull isnumeric json_array json_array_length json_build_array json_build_object json_each
json_extract json_extract_array json_extract_path json_extract_path_text json_extract_scalar json_keys json_object json_parse json_query json_set json_table json_tuple
json_typeof json_unquote json_value jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
jsonb_each_text jsonb_extract_path_text jsonb_object_keys jsonb_set jsonb_typeof justify_days justify_hours justify_interval lag last_day last_insert_id
last_value lcase lead least left len length like listagg ln localtime localtimestamp locate log log10 log2 lower lpad ltrim make_date make_interval make_time
make_timestamp map map_from_arrays map_from_entries map_keys map_values md5 microsecond mid minute mod month monthname months_between named_struct nchar newid
newsequentialid next_day nextval now nth_value ntile nullif nullifzero num_nonnulls numeric nvl nvl2 object_construct object_delete object_id object_insert
object_keys object_name octet_length openjson openquery openrowset ord overlay parse parse_date parse_datetime parse_ip parse_json parse_timestamp parse_url parsename patindex
percent_rank pg_get_serial_sequence pg_typeof pi pmod position posexplode posexplode_outer pow power print quarter quotename quote_ident quote_literal
raise_application_error raiserror radians rand random range range_bucket rank ratio_to_report regexp regexp_count regexp_extract regexp_extract_all
regexp_instr regexp_like regexp_matches regexp_match regexp_replace regexp_split regexp_split_to_array regexp_split_to_table regexp_substr repeat
replace replicate reverse right rlike rollup round row row_number row_to_json rpad rtrim safe_add safe_cast safe_divide safe_multiply safe_negate
safe_subtract schema_name scope_identity second sequence session_user setval sha sha1 sha2 sha256 sha512 sign sin size smallint sort_array soundex space split split_part
split_to_table sql_variant_property sqrt square st_astext starts_with startswith str str_to_date strftime string string_split string_to_array strpos
strtok struct stuff subdate substr substring substring_index suser_name suser_sname switchoffset sys_guid sysdate sysdatetime sysdatetimeoffset
system_user sysutcdatetime systimestamp table tan time time_trunc timediff timestamp timestamp_add timestamp_diff timestamp_micros timestamp_millis timestamp_seconds timestamp_sub
timestamp_trunc timestampadd timestampdiff to_array to_base64 to_binary to_boolean to_char to_clob to_date to_decimal to_hex to_json to_json_string
to_jsonb to_number to_object to_time to_timestamp to_timestamp_ltz to_timestamp_ntz to_timestamp_tz to_tsquery to_tsvector to_utc_timestamp to_varchar to_variant todatetimeoffset
transform translate translate_regex trim trunc truncate try_cast try_convert try_parse try_parse_json try_to_date try_to_decimal try_to_number
try_to_timestamp try_to_timestamp_ntz type_name typeof tzinfo ucase unhex unicode unix_date unix_millis unix_seconds unix_timestamp unnest update upper user
user_name utc_timestamp uuid uuid_generate_v4 uuid_string gen_random_uuid generate_uuid values value week weekday weekofyear width_bucket within xmlelement xmlforest
xmlserialize xmltable year yearofweek yearweek zeroifnull nodes query exist
";
