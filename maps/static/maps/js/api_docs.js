// The API's documentation: Swagger UI on our own schema, without a cookie and without an inline script.
const place = document.getElementById("api-docs");
SwaggerUIBundle({ url: place.dataset.schema, domNode: place, deepLinking: true, docExpansion: "list" });
