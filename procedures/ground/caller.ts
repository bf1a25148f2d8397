/**
 * Who called the procedure that runs, in SQL. CURRENT_USER is the user of the session, also where the owner's rights hold
 * (docs.snowflake.com, CURRENT_USER: "the user currently logged into the system"); a task runs as the system user (behavior change 2051).
 * What CURRENT_ROLE returns there no page says, and the caller's session variables cannot be read (stored-procedures-rights).
 */
export const CALLER = "COALESCE(CURRENT_USER(), 'SYSTEM')";
