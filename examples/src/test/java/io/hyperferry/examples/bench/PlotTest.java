package io.hyperferry.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PlotTest {
    @Test
    void a_comparison_names_every_way_and_unit_and_stays_in_its_frame() throws Exception {
        String svg = ComparisonPlot.of(Measurements.threeRounds(), "1 < 2 & \"so on\"");

        Document plot = parse(svg);
        assertThat(texts(plot))
                .contains("1 < 2 & \"so on\"", "Wall time, seconds", "compression", "Write-ahead log of the target, MB")
                .contains("a  psql, CSV file", "b  psql | psql, binary", "e  Hyperferry, compressed");
        assertWithinFrame(plot);
    }

    @Test
    void curves_have_a_dot_for_each_point_and_both_axes_are_named() throws Exception {
        LinePanel panel = new LinePanel(
                "Chunks",
                "chunks, number",
                "seconds",
                true,
                List.of(new LinePanel.Curve(
                        "plan",
                        List.of(
                                new LinePanel.Point(10, 0.5),
                                new LinePanel.Point(100, 0.7),
                                new LinePanel.Point(10_000, 90)))));
        Svg svg = new Svg(500, 400);
        panel.draw(svg, 20, 20, 460, 360);

        Document plot = parse(svg.toString());
        assertThat(plot.getElementsByTagName("circle").getLength()).isEqualTo(3);
        assertThat(texts(plot)).contains("Chunks", "chunks, number", "seconds", "plan", "10 k", "0.1", "100");
        assertWithinFrame(plot);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.003, 0.9, 1, 7, 11.2, 99, 868, 12_345_678})
    void a_linear_axis_begins_at_0_covers_the_greatest_figure_and_has_few_ticks(double greatest) {
        Axis axis = Axis.linear(greatest, 100, 200);

        assertThat(axis.ticks()).hasSizeBetween(3, 9).startsWith(0.0).isSorted();
        assertThat(axis.high()).isBetween(greatest, greatest * 2);
        assertThat(axis.at(0)).isEqualTo(100);
        assertThat(axis.at(greatest)).isBetween(150.0, 200.0);
    }

    @Test
    void a_logarithmic_axis_has_powers_of_ten() {
        Axis axis = Axis.logarithmic(DoubleStream.of(20, 500), 0, 100);

        assertThat(axis.ticks().stream().map(Axis::label)).containsExactly("10", "100", "1 k");
        assertThat(axis.at(100)).isCloseTo(50, org.assertj.core.api.Assertions.within(1e-9));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document plot) {
        NodeList nodes = plot.getElementsByTagName("text");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(it -> nodes.item(it).getTextContent())
                .toList();
    }

    private static void assertWithinFrame(Document plot) {
        Element root = plot.getDocumentElement();
        double width = Double.parseDouble(root.getAttribute("width"));
        double height = Double.parseDouble(root.getAttribute("height"));
        List<Element> drawn = new ArrayList<>();
        for (String name : List.of("rect", "text")) {
            NodeList nodes = plot.getElementsByTagName(name);
            IntStream.range(0, nodes.getLength()).forEach(it -> drawn.add((Element) nodes.item(it)));
        }
        for (Element element : drawn) {
            if (element.hasAttribute("x")) {
                double w = element.hasAttribute("width") ? Double.parseDouble(element.getAttribute("width")) : 0;
                assertThat(Double.parseDouble(element.getAttribute("x")) + w).isBetween(0.0, width);
                assertThat(w).isNotNegative();
                assertThat(Double.parseDouble(element.getAttribute("y"))).isBetween(0.0, height);
            }
        }
    }
}
