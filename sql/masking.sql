-- Where snowflake.masking is set, which takes Enterprise Edition or higher: by it the tag that los makes gets masking policies.
GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE {{role}};
