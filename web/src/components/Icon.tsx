/** Line icons, drawn on a 16-pixel grid. Always decoration: the control around them carries the name. */
const paths = {
  shield: "M8 1.8l5.2 2v3.8c0 3-2.1 5.3-5.2 6.6-3.100-1.300-5.200-3.600-5.200-6.600V3.800zM5.700 8.100l1.700 1.700 3-3.200",
  matrix: "M2.500 2.500h3v3h-3zM6.500 2.500h3v3h-3zM10.500 2.500h3v3h-3zM2.500 6.500h3v3h-3zM6.500 6.500h3v3h-3zM2.500 10.500h3v3h-3z",
  tests: "M6 2.500h4M6.800 2.500v4L3.200 12.400a.8.8 0 0 0 .7 1.200h8.200a.8.8 0 0 0 .7-1.200L9.200 6.500v-4M4.800 10h6.400",
  jobs: "M2.500 4h11M2.500 8h7M2.500 12h9",
  users: "M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM1.800 13.500c0-2.300 1.900-4 4.200-4s4.200 1.700 4.200 4M10.500 7.300a2.200 2.200 0 0 0 0-4.300M11.800 9.700c1.500.5 2.400 1.900 2.400 3.800",
  system: "M1.800 8.500h2.700l1.700-5 3 9 1.800-4h3.200",
  search: "M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.600 10.600l3.400 3.400",
  chevron: "M5.500 3.500L10 8l-4.500 4.500",
  down: "M3.500 5.500L8 10l4.500-4.500",
  close: "M3.500 3.500l9 9M12.500 3.500l-9 9",
  check: "M3 8.500l3.500 3.500L13 4.500",
  copy: "M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z",
  plus: "M8 3v10M3 8h10",
  sun: "M8 10.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600zM8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9",
  moon: "M13.500 9.600A5.800 5.800 0 0 1 6.400 2.500a5.800 5.800 0 1 0 7.100 7.100z",
  screen: "M2 3h12v8H2zM6 14h4M8 11v3",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.800V8l2.200 1.500",
  menu: "M2.500 4h11M2.500 8h11M2.500 12h11",
  more: "M2.800 8a.7.7 0 1 0 1.400 0 .7.7 0 1 0-1.400 0M7.300 8a.7.7 0 1 0 1.400 0 .7.7 0 1 0-1.400 0M11.800 8a.7.7 0 1 0 1.400 0 .7.7 0 1 0-1.400 0",
  warning: "M8 2.200l6.200 11H1.800zM8 6.500v3M8 11.300v.2",
  upload: "M8 10.500v-8M4.800 5.500L8 2.300l3.200 3.200M2.500 10.500v3h11v-3",
  external: "M6 3H3v10h10v-3M9 2.500h4.500V7M13.200 2.800L7.500 8.500",
  red: "M8 2v12M2 8h12M8 12.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9z",
  blue: "M8 1.800l5.200 2v3.800c0 3-2.100 5.300-5.200 6.600-3.100-1.300-5.200-3.600-5.200-6.600V3.800z",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
