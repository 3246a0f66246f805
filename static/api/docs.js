/* Swagger UI over our own schema. Signed-in staff try calls with their session; systems enter their token. */
"use strict";

const place = document.getElementById("swagger-ui");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [window.SwaggerUIBundle.presets.apis],
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});

/* The viewer knows English only: each of its own labels is said in the page's language, and again whenever it draws
   anew. Only whole labels outside what people wrote (Markdown) and what was sent or answered (code) are touched. */
const words = new Map(
  [...document.querySelectorAll("#words [data-said]")].map((word) => [word.dataset.said, word.textContent]),
);

const translate = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const said = node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
    const word = words.get(said);
    if (word && word !== said && !node.parentElement.closest("pre, code, textarea, option, .markdown")) {
      node.data = node.data.replace(said, word);
    }
  }
};

new MutationObserver((changes) => {
  for (const change of changes) {
    translate(change.target);
  }
}).observe(place, { childList: true, characterData: true, subtree: true });
translate(place);
