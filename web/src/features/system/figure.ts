export const figure = (value: number) => value.toLocaleString("en");
