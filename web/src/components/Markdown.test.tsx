import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Markdown } from "./Markdown";

describe("Markdown", () => {
  it("leaves HTML as text", () => {
    const { container } = render(<Markdown source={'<img src=x onerror="alert(1)"> <script>alert(2)</script>'} />);
    expect(container.querySelector("img, script")).toBeNull();
    expect(container).toHaveTextContent('<img src=x onerror="alert(1)">');
  });

  it.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/techniques/T1"])(
    "makes no link of %s",
    (href) => {
      render(<Markdown source={`See [here](${href}).`} />);
      expect(screen.queryByRole("link")).toBeNull();
      expect(screen.getByText(/here/)).toBeInTheDocument();
    },
  );

  it("links to the web without handing over the window", () => {
    render(<Markdown source="See [MITRE](https://attack.mitre.org/x_(y))." />);
    const link = screen.getByRole("link", { name: "MITRE" });
    expect(link).toHaveAttribute("href", "https://attack.mitre.org/x_(y)");
    expect(link).toHaveAttribute("rel", expect.stringContaining("noopener"));
  });

  it("lets the page keep its own links", () => {
    render(
      <Markdown
        source="[Phishing](https://attack.mitre.org/techniques/T1566)"
        renderLink={(_href, children) => <a href="/techniques/T1566">{children}</a>}
      />,
    );
    expect(screen.getByRole("link", { name: "Phishing" })).toHaveAttribute("href", "/techniques/T1566");
  });

  it("drops citations and the space before them", () => {
    const { container } = render(<Markdown source="It was seen. (Citation: Report 2020)(Citation: Other) Later too." />);
    expect(container).toHaveTextContent("It was seen. Later too.");
  });

  it("reads paragraphs, lists, headings and code", () => {
    render(<Markdown source={"First.\n\n* one\n* two\n\n### More\nrun <code>a & b</code> or `c`"} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
    expect(screen.getByRole("heading", { name: "More" })).toBeInTheDocument();
    expect(screen.getByText("a & b").tagName).toBe("CODE");
    expect(screen.getByText("c").tagName).toBe("CODE");
  });
});
