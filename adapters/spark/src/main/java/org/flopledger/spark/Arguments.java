package org.flopledger.spark;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks the arguments that a function is bound to; Spark shows the message of the exception to the user. */
final class Arguments {

    private Arguments() {}

    static DataType[] types(StructType input) {
        StructField[] fields = input.fields();
        DataType[] types = new DataType[fields.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = fields[i].dataType();
        }
        return types;
    }

    static DataType type(StructType input, int at) {
        return input.fields()[at].dataType();
    }

    static void require(boolean isFit, String usage) {
        if (!isFit) {
            throw new UnsupportedOperationException("must be called as " + usage);
        }
    }
}
