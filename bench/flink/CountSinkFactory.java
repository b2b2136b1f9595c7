/* The sink of the Flink side of the benchmark: keeps nothing, counts the changes of each kind, and says so at the end.
 *
 * As Flink's own 'blackhole' it asks for no -U, so that the plans are the same; the only work per row is one addition. When the
 * writer closes, it appends one line to the file of option 'file': "+I n -U n +U n -D n".
 */
package weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.types.RowKind;

public class CountSinkFactory implements DynamicTableSinkFactory {
    static final ConfigOption<String> FILE = ConfigOptions.key("file").stringType().noDefaultValue();

    @Override
    public String factoryIdentifier() {
        return "count";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(FILE);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return new HashSet<>();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        return new CountTableSink(helper.getOptions().get(FILE));
    }

    private static class CountTableSink implements DynamicTableSink {
        private final String file;

        CountTableSink(String file) {
            this.file = file;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            ChangelogMode.Builder kinds = ChangelogMode.newBuilder();
            for (RowKind kind : requested.getContainedKinds()) {
                if (kind != RowKind.UPDATE_BEFORE) {
                    kinds.addContainedKind(kind);
                }
            }
            return kinds.build();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(new CountSink(file));
        }

        @Override
        public DynamicTableSink copy() {
            return new CountTableSink(file);
        }

        @Override
        public String asSummaryString() {
            return "count";
        }
    }

    private static class CountSink implements Sink<RowData> {
        private static final long serialVersionUID = 1L;
        private final String file;

        CountSink(String file) {
            this.file = file;
        }

        @Override
        public SinkWriter<RowData> createWriter(WriterInitContext context) {
            return new CountWriter(file);
        }
    }

    private static class CountWriter implements SinkWriter<RowData> {
        private final long[] counts = new long[4];
        private final String file;

        CountWriter(String file) {
            this.file = file;
        }

        @Override
        public void write(RowData row, Context context) {
            counts[row.getRowKind().toByteValue()]++;
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() throws IOException {
            String line = "+I " + counts[0] + " -U " + counts[1] + " +U " + counts[2] + " -D " + counts[3] + "\n";
            Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
