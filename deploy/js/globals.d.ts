// What the pages' scripts may take for granted and the DOM's own types leave open.
declare const SwaggerUIBundle: (options: object) => void;

interface ParentNode {
  querySelector(selectors: string): HTMLInputElement | null;
  querySelectorAll(selectors: string): NodeListOf<HTMLInputElement>;
}
