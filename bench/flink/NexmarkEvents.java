/* Event number -> row, as bench/nexmark/nexmark_gen.c makes it with its default seed: the same draws in the same order.
 *
 * Every event draws from its own splitmix64 stream keyed by (seed, event number). Strings are built as bytes, because Flink keeps
 * them so.
 */
package weir.bench;

import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

class NexmarkEvents implements GeneratorFunction<Long, RowData> {
    private static final long serialVersionUID = 1L;
    private static final long SEED = 42;
    private static final long BASE_MS = 1710115150000L;
    private static final int CHANNELS = 10000;
    private static final double[] POWERS = {
        1000.0, 31.622776601683793, 5.623413251903491, 2.371373705661655, 1.539926526059492, 1.2409377607517196, 1.1139738599948024,
        1.055449600878603, 1.0273507681793026, 1.0135831333340657, 1.0067686592927223, 1.0033786221027048, 1.0016878865708143,
        1.0008435874655013, 1.000421704815275, 1.0002108301829544, 1.000105409535892, 1.0000527033791229, 1.0000263513423648,
        1.0000131755843844
    };
    private static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    private static final String[] CITIES = {
        "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"
    };
    private static final String[] FIRST_NAMES = {
        "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"
    };
    private static final String[] LAST_NAMES = {"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"};
    private static final String[] HOT_CHANNELS = {"Google", "Facebook", "Baidu", "Apple"};

    private final long rate;
    private transient StringData[] channels;
    private transient StringData[] urls;
    private transient StringData[] hotChannels;
    private transient StringData[] hotUrls;
    private long state;

    NexmarkEvents(long rate) {
        this.rate = rate;
    }

    private long next() {
        long z = state += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The upper half of the unsigned 128-bit product. */
    private long below(long bound) {
        long draw = next();
        return Math.multiplyHigh(draw, bound) + ((draw >> 63) & bound);
    }

    private long price() {
        long u = next() >>> 44;
        double p = 1.0;
        for (int k = 0; k < 20; k++) {
            if ((u >> (19 - k) & 1) != 0) {
                p *= POWERS[k];
            }
        }
        return (long) (p * 100.0 + 0.5);
    }

    private byte[] word(int max, char special) {
        byte[] out = new byte[3 + (int) below(max - 3)];
        for (int i = 0; i < out.length; i++) {
            out[i] = below(13) == 0 ? (byte) special : (byte) ('a' + below(26));
        }
        if (special == ' ') {
            out[0] = out[0] == ' ' ? (byte) 'a' : out[0];
            out[out.length - 1] = out[out.length - 1] == ' ' ? (byte) 'z' : out[out.length - 1];
        }
        return out;
    }

    private StringData extra(int have, int want) {
        int missing = Math.max(0, want - have);
        int spread = (missing + 2) / 5;
        byte[] out = new byte[have >= want ? 0 : missing - spread + (spread > 0 ? (int) below(2L * spread) : 0)];
        long value = 0;
        int left = 0;
        for (int i = 0; i < out.length; i++) {
            if (left == 0) {
                value = next() >>> 1;
                left = 13;
            }
            out[i] = (byte) ('a' + value % 26);
            value /= 26;
            left--;
        }
        return StringData.fromBytes(out);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private String url(int channel) {
        state = SEED * 0x2545F4914F6CDD1DL + 77777 + channel * 0x9E3779B97F4A7C15L;
        String third = text(word(5, '_'));
        String second = text(word(5, '_'));
        String first = text(word(5, '_'));
        String url = "https://www.nexmark.com/" + first + "/" + second + "/" + third + "/item.htm?query=1";
        if (channel >= 0 && below(10) > 0) {
            url += "&channel_id=" + Math.abs((long) Integer.reverse(channel));
        }
        return url;
    }

    private void prepare() {
        channels = new StringData[CHANNELS];
        urls = new StringData[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            channels[i] = StringData.fromString("channel-" + i);
            urls[i] = StringData.fromString(url(i));
        }
        hotChannels = new StringData[4];
        hotUrls = new StringData[4];
        for (int i = 0; i < 4; i++) {
            hotChannels[i] = StringData.fromString(HOT_CHANNELS[i]);
            hotUrls[i] = StringData.fromString(url(-1 - i));
        }
    }

    private long time(long n) {
        return BASE_MS + n * 1000 / rate;
    }

    private static long lastPerson(long n) {
        return n / 50;
    }

    private static long lastAuction(long n) {
        long block = n / 50;
        long place = n % 50;
        return place < 1 ? (block - 1) * 3 + 2 : block * 3 + (place <= 3 ? place - 1 : 2);
    }

    private long anyPerson(long n) {
        long have = lastPerson(n) + 1;
        long active = Math.min(have, 1000);
        return have - active + below(active + 10);
    }

    private long anyAuction(long n) {
        long high = lastAuction(n);
        long low = Math.max(high - 100, 0);
        return low + below(high - low + 1 + 10);
    }

    @Override
    public RowData map(Long number) {
        if (urls == null) {
            prepare();
        }
        long n = number;
        state = SEED * 0x9E3779B97F4A7C15L ^ (n + 1) * 0xD1B54A32D192ED03L;
        next();
        int place = (int) (n % 50);
        GenericRowData row = new GenericRowData(4);
        row.setField(0, place == 0 ? 0 : place <= 3 ? 1 : 2);
        row.setField(place == 0 ? 1 : place <= 3 ? 2 : 3, place == 0 ? person(n) : place <= 3 ? auction(n) : bid(n));
        return row;
    }

    private RowData person(long n) {
        String last = LAST_NAMES[(int) below(9)];
        String name = FIRST_NAMES[(int) below(11)] + " " + last;
        String before = text(word(7, '_'));
        String email = before + "@" + text(word(5, '_')) + ".com";
        String card = digits() + " " + digits() + " " + digits() + " " + digits();
        String city = CITIES[(int) below(10)];
        String home = STATES[(int) below(6)];
        StringData extra = extra(8 + name.length() + email.length() + card.length() + city.length() + home.length(), 200);
        return GenericRowData.of(lastPerson(n) + 1000, StringData.fromString(name), StringData.fromString(email), StringData.fromString(card),
                StringData.fromString(city), StringData.fromString(home), TimestampData.fromEpochMillis(time(n)), extra);
    }

    private String digits() {
        String text = Long.toString(10000 + below(10000));
        return text.substring(1);
    }

    private RowData auction(long n) {
        long id = lastAuction(n) + 1000;
        long seller = (below(4) > 0 ? lastPerson(n) / 100 * 100 : anyPerson(n)) + 1000;
        long category = 10 + below(5);
        long initial = price();
        long now = time(n);
        long horizon = Math.max(time(n + 100 * 50 / 3) - now, 1);
        long expires = now + 1 + below(horizon * 2);
        byte[] item = word(20, ' ');
        byte[] description = word(100, ' ');
        long reserve = initial + price();
        StringData extra = extra(48 + item.length + description.length, 500);
        return GenericRowData.of(id, StringData.fromBytes(item), StringData.fromBytes(description), initial, reserve,
                TimestampData.fromEpochMillis(now), TimestampData.fromEpochMillis(expires), seller, category, extra);
    }

    private RowData bid(long n) {
        long auction = (below(2) > 0 ? lastAuction(n) / 100 * 100 : anyAuction(n)) + 1000;
        long bidder = (below(4) > 0 ? lastPerson(n) / 100 * 100 + 1 : anyPerson(n)) + 1000;
        long price = price();
        boolean hot = below(2) > 0;
        int channel = (int) below(hot ? 4 : CHANNELS);
        StringData extra = extra(32, 100);
        return GenericRowData.of(auction, bidder, price, hot ? hotChannels[channel] : channels[channel], hot ? hotUrls[channel] : urls[channel],
                TimestampData.fromEpochMillis(time(n)), extra);
    }
}
