/** Models and PEFT methods from the files that Hugging Face writes. */
module org.flopledger.huggingface {
    requires transitive org.flopledger.core;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires re2j;
    requires static org.jspecify;

    exports org.flopledger.huggingface;
    exports org.flopledger.huggingface.description;
}
