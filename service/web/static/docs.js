"use strict";
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: place.dataset.spec, domNode: place, validatorUrl: null });
