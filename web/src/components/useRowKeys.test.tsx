import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { useRowKeys } from "./useRowKeys";

function List() {
  const keys = useRowKeys<HTMLUListElement>("a", "input");
  return (
    <>
      <input aria-label="Search" />
      <ul {...keys}>
        {["One", "Two", "Three"].map((name) => (
          <li key={name}>
            <a href={`#${name}`}>{name}</a>
          </li>
        ))}
      </ul>
    </>
  );
}

it("walks a list with the arrows, from the page and from its search field", async () => {
  const user = userEvent.setup();
  render(<List />);
  const link = (name: string) => screen.getByRole("link", { name });
  await user.keyboard("{ArrowDown}");
  expect(link("One")).toHaveFocus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
  expect(link("Three")).toHaveFocus();
  await user.keyboard("{ArrowUp}");
  expect(link("Two")).toHaveFocus();
  await user.keyboard("{Home}");
  expect(link("One")).toHaveFocus();
  await user.click(screen.getByLabelText("Search"));
  await user.keyboard("{ArrowDown}");
  expect(link("One")).toHaveFocus();
});
