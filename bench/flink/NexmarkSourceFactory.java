/* The Nexmark source of the Flink side of the benchmark: bench/nexmark/nexmark_gen.c, event for event, made inside the job.
 *
 * Flink ships no Nexmark connector; this one stands in for it, so that both engines can be compared without decoding a file. It is a
 * bounded 'nexmark' table over DataGeneratorSource with options 'events.num' and 'first-event.rate' (events per second of event
 * time); the seed, the shares and all other parameters are nexmark_gen's defaults. The table must have the columns event_type,
 * person, auction, bid of bench/nexmark/ddl_source.sql.
 */
package weir.bench;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;

public class NexmarkSourceFactory implements DynamicTableSourceFactory {
    static final ConfigOption<Long> COUNT = ConfigOptions.key("events.num").longType().noDefaultValue();
    static final ConfigOption<Long> RATE = ConfigOptions.key("first-event.rate").longType().defaultValue(10000L);

    @Override
    public String factoryIdentifier() {
        return "nexmark";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(COUNT);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return new HashSet<>(Set.of(RATE));
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        LogicalType type = context.getPhysicalRowDataType().getLogicalType();
        return new NexmarkTableSource(helper.getOptions().get(COUNT), helper.getOptions().get(RATE), type);
    }

    private static class NexmarkTableSource implements ScanTableSource {
        private final long count;
        private final long rate;
        private final LogicalType type;

        NexmarkTableSource(long count, long rate, LogicalType type) {
            this.count = count;
            this.rate = rate;
            this.type = type;
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            return new DataStreamScanProvider() {
                @Override
                public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                    DataGeneratorSource<RowData> source =
                            new DataGeneratorSource<>(new NexmarkEvents(rate), count, InternalTypeInfo.<RowData>of(type));
                    return environment.fromSource(source, WatermarkStrategy.noWatermarks(), "nexmark").setParallelism(1);
                }

                @Override
                public boolean isBounded() {
                    return true;
                }
            };
        }

        @Override
        public DynamicTableSource copy() {
            return new NexmarkTableSource(count, rate, type);
        }

        @Override
        public String asSummaryString() {
            return "nexmark";
        }
    }
}
