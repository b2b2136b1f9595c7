/* Names of the tree's enumerations. */
#include "sql/ast_statement.h"

const char *weir_ast_unit_name(weir_ast_unit unit) {
    static const char *const names[] = {
        [WEIR_AST_UNIT_NONE] = "",
        [WEIR_AST_UNIT_YEAR] = "YEAR",
        [WEIR_AST_UNIT_QUARTER] = "QUARTER",
        [WEIR_AST_UNIT_MONTH] = "MONTH",
        [WEIR_AST_UNIT_WEEK] = "WEEK",
        [WEIR_AST_UNIT_DAY] = "DAY",
        [WEIR_AST_UNIT_HOUR] = "HOUR",
        [WEIR_AST_UNIT_MINUTE] = "MINUTE",
        [WEIR_AST_UNIT_SECOND] = "SECOND",
        [WEIR_AST_UNIT_MILLISECOND] = "MILLISECOND",
        [WEIR_AST_UNIT_MICROSECOND] = "MICROSECOND",
        [WEIR_AST_UNIT_NANOSECOND] = "NANOSECOND",
        [WEIR_AST_UNIT_EPOCH] = "EPOCH",
        [WEIR_AST_UNIT_DOW] = "DOW",
        [WEIR_AST_UNIT_ISODOW] = "ISODOW",
        [WEIR_AST_UNIT_DOY] = "DOY",
        [WEIR_AST_UNIT_ISOYEAR] = "ISOYEAR",
        [WEIR_AST_UNIT_DECADE] = "DECADE",
        [WEIR_AST_UNIT_CENTURY] = "CENTURY",
        [WEIR_AST_UNIT_MILLENNIUM] = "MILLENNIUM",
        [WEIR_AST_UNIT_OTHER] = "",
    };
    return (unsigned)unit < sizeof names / sizeof names[0] ? names[unit] : "";
}

const char *weir_ast_binary_text(weir_ast_binary_op op) {
    static const char *const texts[] = {
        [WEIR_AST_OR] = "OR",
        [WEIR_AST_AND] = "AND",
        [WEIR_AST_EQUAL] = "=",
        [WEIR_AST_NOT_EQUAL] = "<>",
        [WEIR_AST_LESS] = "<",
        [WEIR_AST_LESS_EQUAL] = "<=",
        [WEIR_AST_GREATER] = ">",
        [WEIR_AST_GREATER_EQUAL] = ">=",
        [WEIR_AST_PLUS] = "+",
        [WEIR_AST_MINUS] = "-",
        [WEIR_AST_TIMES] = "*",
        [WEIR_AST_DIVIDE] = "/",
        [WEIR_AST_MODULO] = "%",
        [WEIR_AST_CONCAT] = "||",
        [WEIR_AST_OVERLAPS] = "OVERLAPS",
    };
    return (unsigned)op < sizeof texts / sizeof texts[0] ? texts[op] : "?";
}

const char *weir_ast_object_name(weir_ast_object object) {
    static const char *const names[] = {
        [WEIR_AST_OBJECT_TABLE] = "TABLE",
        [WEIR_AST_OBJECT_VIEW] = "VIEW",
        [WEIR_AST_OBJECT_DATABASE] = "DATABASE",
        [WEIR_AST_OBJECT_CATALOG] = "CATALOG",
        [WEIR_AST_OBJECT_FUNCTION] = "FUNCTION",
        [WEIR_AST_OBJECT_MODEL] = "MODEL",
        [WEIR_AST_OBJECT_MATERIALIZED_TABLE] = "MATERIALIZED TABLE",
        [WEIR_AST_OBJECT_CONNECTION] = "CONNECTION",
    };
    return (unsigned)object < sizeof names / sizeof names[0] ? names[object] : "?";
}

const char *weir_ast_statement_name(const weir_ast_statement *statement) {
    switch (statement->kind) {
    case WEIR_AST_STATEMENT_QUERY: return "SELECT";
    case WEIR_AST_STATEMENT_INSERT: return statement->as.insert.upsert ? "UPSERT" : "INSERT";
    case WEIR_AST_STATEMENT_SET_BLOCK: return "STATEMENT SET";
    case WEIR_AST_STATEMENT_BEGIN_STATEMENT_SET: return "BEGIN STATEMENT SET";
    case WEIR_AST_STATEMENT_END: return "END";
    case WEIR_AST_STATEMENT_EXECUTE: return "EXECUTE";
    case WEIR_AST_STATEMENT_EXECUTE_PLAN: return "EXECUTE PLAN";
    case WEIR_AST_STATEMENT_COMPILE_PLAN: return "COMPILE PLAN";
    case WEIR_AST_STATEMENT_CREATE_TABLE: return statement->as.create_table->query ? "CREATE TABLE AS" : "CREATE TABLE";
    case WEIR_AST_STATEMENT_CREATE_VIEW: return "CREATE VIEW";
    case WEIR_AST_STATEMENT_CREATE_DATABASE: return "CREATE DATABASE";
    case WEIR_AST_STATEMENT_CREATE_CATALOG: return "CREATE CATALOG";
    case WEIR_AST_STATEMENT_CREATE_FUNCTION: return "CREATE FUNCTION";
    case WEIR_AST_STATEMENT_CREATE_OTHER: return "CREATE";
    case WEIR_AST_STATEMENT_DROP: return "DROP";
    case WEIR_AST_STATEMENT_ALTER: return "ALTER";
    case WEIR_AST_STATEMENT_ALTER_FUNCTION: return "ALTER FUNCTION";
    case WEIR_AST_STATEMENT_SET: return "SET";
    case WEIR_AST_STATEMENT_RESET: return "RESET";
    case WEIR_AST_STATEMENT_USE: return "USE";
    case WEIR_AST_STATEMENT_USE_CATALOG: return "USE CATALOG";
    case WEIR_AST_STATEMENT_USE_MODULES: return "USE MODULES";
    case WEIR_AST_STATEMENT_SHOW: return "SHOW";
    case WEIR_AST_STATEMENT_DESCRIBE: return "DESCRIBE";
    case WEIR_AST_STATEMENT_EXPLAIN: return "EXPLAIN";
    case WEIR_AST_STATEMENT_UPDATE: return "UPDATE";
    case WEIR_AST_STATEMENT_DELETE: return "DELETE";
    case WEIR_AST_STATEMENT_TRUNCATE: return "TRUNCATE TABLE";
    case WEIR_AST_STATEMENT_ANALYZE: return "ANALYZE TABLE";
    case WEIR_AST_STATEMENT_CALL: return "CALL";
    case WEIR_AST_STATEMENT_LOAD_MODULE: return "LOAD MODULE";
    case WEIR_AST_STATEMENT_UNLOAD_MODULE: return "UNLOAD MODULE";
    case WEIR_AST_STATEMENT_ADD_JAR: return "ADD JAR";
    case WEIR_AST_STATEMENT_REMOVE_JAR: return "REMOVE JAR";
    case WEIR_AST_STATEMENT_STOP_JOB: return "STOP JOB";
    case WEIR_AST_STATEMENT_HELP: return "HELP";
    case WEIR_AST_STATEMENT_CLEAR: return "CLEAR";
    case WEIR_AST_STATEMENT_QUIT: return "QUIT";
    }
    return "?";
}
