// Shows the OpenAPI documents of this server and sends requests to it. Everything is text: no document can put markup
// into the page.
"use strict";

const methods = ["get", "post", "put", "patch", "delete"];
const state = { apis: [], documents: new Map(), keys: new Map(), shown: null };

// An element, with attributes, and with texts and elements in it.
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...content.flat(Infinity).filter((part) => part !== null && part !== undefined));
  return element;
}

// Prose with `code` in it, as paragraphs.
function prose(text) {
  return text.trim().split(/\n\s*\n/).map((paragraph) => make("p", {}, inline(paragraph.replace(/\s*\n\s*/g, " "))));
}

function inline(text) {
  return text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

// MARK: What a document says

function follow(api, thing) {
  let found = thing;
  while (found && found.$ref) {
    found = found.$ref.slice(2).split("/").reduce((place, name) => place[name], api.document);
  }
  return found;
}

function operations(api) {
  const found = [];
  for (const [path, item] of Object.entries(api.document.paths)) {
    for (const method of methods) {
      if (!item[method]) continue;
      const parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((one) => follow(api, one));
      found.push({ ...item[method], path, method, parameters, id: `${api.name}/${item[method].operationId}` });
    }
  }
  return found;
}

function titleOf(schema) {
  return schema.$ref ? schema.$ref.split("/").pop() : null;
}

// The kind of a value in words: `text or null`, `list of Refund`.
function kind(api, schema) {
  if (!schema) return "anything";
  const name = titleOf(schema);
  const whole = follow(api, schema);
  if (whole.anyOf) return whole.anyOf.map((one) => kind(api, one)).join(" or ");
  const types = [whole.type ?? "anything"].flat();
  const words = types.map((type) => {
    if (type === "array") return `list of ${kind(api, whole.items)}`;
    if (type === "string") return whole.format === "date-time" ? "time" : "text";
    if (type === "object" && name) return name;
    return { integer: "whole number", boolean: "true or false", object: "object", null: "null" }[type] ?? type;
  });
  return words.join(" or ");
}

function limits(schema) {
  const said = [];
  const span = (low, high, unit) => {
    if (low !== undefined && high !== undefined) said.push(low === high ? `${low}${unit}` : `${low} to ${high}${unit}`);
    else if (low !== undefined) said.push(`${low}${unit} or more`);
    else if (high !== undefined) said.push(`at most ${high}${unit}`);
  };
  span(schema.minimum, schema.maximum, "");
  span(schema.minLength, schema.maxLength, " characters");
  span(schema.minItems, schema.maxItems, " items");
  if (schema.default !== undefined) said.push(`${schema.default} when absent`);
  return said.join(", ");
}

// A value such as the schema describes: its example, or one made of its members' examples.
function sample(api, schema, depth = 0) {
  const whole = follow(api, schema);
  if (!whole || depth > 6) return null;
  if (whole.example !== undefined) return whole.example;
  if (whole.examples) return whole.examples[0];
  if (whole.default !== undefined) return whole.default;
  if (whole.enum) return whole.enum[0];
  if (whole.anyOf) return sample(api, whole.anyOf[0], depth + 1);
  const type = [whole.type].flat()[0];
  if (type === "object") {
    return Object.fromEntries(
      Object.entries(whole.properties ?? {})
        .filter(([name]) => !whole.required || whole.required.includes(name))
        .map(([name, member]) => [name, sample(api, member, depth + 1)]),
    );
  }
  if (type === "array") return [sample(api, whole.items, depth + 1)];
  if ([whole.type].flat().includes("null")) return null;
  if (type === "string") return whole.format === "date-time" ? "2026-11-01T09:30:00.000Z" : "text";
  if (type === "integer") return Math.max(whole.minimum ?? 0, 0);
  if (type === "boolean") return false;
  return null;
}

// The members of an object, and of those in it that have no name of their own.
//
// isAnswer: members that are not always there are marked, instead of those that are needed.
function members(api, schema, isAnswer) {
  const whole = follow(api, schema);
  if (whole.anyOf) {
    const lists = whole.anyOf.map((one) => [make("p", {}, `${kind(api, one)}:`), members(api, one, isAnswer)]);
    return lists.filter(([, list]) => list).flat();
  }
  if ([whole.type].flat().includes("array")) return members(api, whole.items, isAnswer);
  if (!whole.properties) return null;
  const items = Object.entries(whole.properties).map(([name, member]) => {
    const isThere = whole.required?.includes(name) === true;
    const note = isThere === isAnswer ? null : isAnswer ? "not always there" : "needed";
    return entry(api, name, member, note, isAnswer);
  });
  return make("ul", { class: "members" }, items);
}

// - place: where a parameter stands; otherwise nothing.
function entry(api, name, schema, note, isAnswer, description, place) {
  const whole = follow(api, schema);
  const said = description ?? schema.description ?? whole.description;
  const choices = (whole.enum ?? whole.items?.enum ?? []).filter((choice) => choice !== null);
  return make(
    "li",
    {},
    make("b", {}, name),
    " ",
    make("span", { class: "type" }, [kind(api, schema), limits(whole), place].filter(Boolean).join("; ")),
    note ? make("span", { class: "needed" }, ` ${note}`) : null,
    said ? make("p", {}, inline(said)) : null,
    choices.length > 0 && choices.length < 20
      ? make("p", { class: "choices" }, choices.flatMap((choice, index) => [index ? ", " : "", make("code", {}, String(choice))]))
      : null,
    within(api, schema, isAnswer),
  );
}

// What a member's value is made of: at once where it has no name, otherwise where somebody asks for it.
function within(api, schema, isAnswer) {
  const whole = follow(api, schema);
  if (whole.anyOf) return whole.anyOf.map((one) => within(api, one, isAnswer));
  if ([whole.type].flat().includes("array")) return within(api, whole.items, isAnswer);
  if (!whole.properties) return null;
  const name = titleOf(schema);
  return name ? later([make("code", {}, name)], () => members(api, schema, isAnswer)) : members(api, schema, isAnswer);
}

// Something that is made when it is opened for the first time.
function later(summary, content) {
  const details = make("details", {}, make("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(make("div", { class: "within" }, content()));
  });
  return details;
}

// MARK: The page

function showAPIs() {
  const list = state.apis.map((api) =>
    make(
      "li",
      {},
      make(
        "a",
        { href: `#${api.name}`, "aria-current": api === state.shown ? "page" : null },
        api.document.info.title,
      ),
    ),
  );
  document.getElementById("apis").replaceChildren(make("ul", {}, list));
}

function show(api) {
  state.shown = api;
  document.title = `${api.document.info.title}: Storno API reference`;
  showAPIs();
  const all = operations(api);
  const groups = api.document.tags.map((tag) => ({
    tag,
    // Each stands under its first tag.
    operations: all.filter((operation) => operation.tags[0] === tag.name),
  }));
  document.getElementById("contents").replaceChildren(
    ...groups.flatMap((group) => [
      make("h2", {}, group.tag.name),
      make(
        "ul",
        {},
        group.operations.map((operation) => make("li", {}, make("a", { href: `#${operation.id}` }, operation.summary))),
      ),
    ]),
  );
  document.getElementById("main").replaceChildren(
    make("h1", {}, api.document.info.title),
    make("p", { class: "lead" }, api.document.info.summary),
    make("div", { class: "prose" }, prose(api.document.info.description)),
    make(
      "p",
      {},
      "The OpenAPI document is at ",
      make("a", { href: api.source }, api.source),
      ". Paths begin with ",
      ...api.document.servers.flatMap((server, index) => [index ? " or " : "", make("code", {}, server.url)]),
      ".",
    ),
    keyField(api),
    ...groups.map((group) =>
      make(
        "section",
        { class: "group", "aria-label": group.tag.name },
        make("h2", {}, group.tag.name),
        make("p", {}, inline(group.tag.description)),
        group.operations.map((operation) => card(api, operation)),
      ),
    ),
  );
}

function keyField(api) {
  const input = make("input", {
    id: "key",
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    value: state.keys.get(api.name) ?? "",
    "aria-describedby": "key-hint",
    oninput: () => state.keys.set(api.name, input.value.trim()),
  });
  const hint = api.isOpen
    ? "The demo key of this server, which everybody knows. Requests are sent to the sandbox; no money moves."
    : "Kept in this page alone, and sent with the requests that you try.";
  return make(
    "div",
    { class: "key" },
    make("label", { for: "key" }, `API key of ${api.document.info.title}`),
    input,
    make("span", { class: "hint", id: "key-hint" }, hint),
  );
}

function card(api, operation) {
  const details = make(
    "details",
    { class: "operation", id: operation.id },
    make(
      "summary",
      {},
      make("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()),
      make("h3", {}, operation.summary),
      make("span", { class: "path mono" }, operation.path),
    ),
  );
  // Made when it is opened for the first time: there are many.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(inside(api, operation));
  });
  return details;
}

function inside(api, operation) {
  const body = operation.requestBody?.content?.["application/json"];
  return make(
    "div",
    { class: "inside" },
    operation.description ? make("div", { class: "prose about" }, prose(operation.description)) : null,
    operation.parameters.length ? make("h4", {}, "Parameters") : null,
    operation.parameters.length
      ? make(
          "ul",
          { class: "members" },
          operation.parameters.map((parameter) =>
            entry(
              api,
              parameter.name,
              parameter.schema,
              parameter.required ? "needed" : null,
              false,
              parameter.description,
              `in the ${parameter.in}`,
            ),
          ),
        )
      : null,
    body ? make("h4", {}, "Body") : null,
    body ? members(api, body.schema, false) : null,
    make("h4", {}, "Answers"),
    make("div", { class: "answers" }, Object.entries(operation.responses).map(([code, one]) => answerOf(api, code, one))),
    trial(api, operation, body),
  );
}

function answerOf(api, code, reference) {
  const answer = follow(api, reference);
  const [type, content] = Object.entries(answer.content ?? {})[0] ?? [];
  return later([make("span", { class: "code" }, code), " ", ...inline(answer.description)], () => {
    if (!content) return make("p", {}, "Without a body.");
    const headers = Object.entries(answer.headers ?? {}).map(([name, header]) =>
      entry(api, name, follow(api, header).schema, null, true, follow(api, header).description, "header"),
    );
    const example = content.example ?? sample(api, content.schema);
    return [
      make("p", {}, make("code", {}, type), " ", kind(api, content.schema)),
      headers.length ? make("ul", { class: "members" }, headers) : null,
      members(api, content.schema, true),
      ...(example === null || typeof example === "string" ? [] : exampleOf(code, example)),
    ];
  });
}

function exampleOf(code, example) {
  return [
    make("h5", {}, "Example"),
    make("pre", { tabindex: "0", "aria-label": `Example of ${code}` }, JSON.stringify(example, null, 2)),
  ];
}

// MARK: Trying it

function trial(api, operation, body) {
  const fields = operation.parameters.map((parameter, index) => {
    const id = `${operation.id}/${parameter.in}/${parameter.name}/${index}`;
    const isNeeded = parameter.required === true;
    const start = isNeeded ? beginningOf(parameter) : "";
    const input = make("input", {
      id,
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      required: isNeeded,
      value: String(start),
    });
    const hint = parameter.style === "deepObject" ? "name=text, several with & between" : isList(parameter) ? "Several with commas between." : null;
    return {
      parameter,
      input,
      row: make(
        "div",
        { class: "field" },
        make("label", { for: id }, make("span", { class: "mono" }, parameter.name), isNeeded ? " (needed)" : ""),
        hint ? make("span", { class: "hint" }, hint) : null,
        input,
      ),
    };
  });
  const text = body
    ? make("textarea", { id: `${operation.id}/body`, spellcheck: "false", rows: "8" }, JSON.stringify(sample(api, body.schema), null, 2))
    : null;
  const servers = api.document.servers;
  const server =
    servers.length > 1
      ? make("select", { id: `${operation.id}/server` }, servers.map((one) => make("option", { value: one.url }, one.url)))
      : null;
  const send = make("button", { type: "submit" }, `Send ${operation.method.toUpperCase()}`);
  const result = make("div", { class: "answer", "aria-live": "polite" });
  const onsubmit = async (event) => {
    event.preventDefault();
    send.disabled = true;
    const request = requestOf(api, operation, fields, text?.value, server?.value ?? servers[0].url);
    result.replaceChildren(make("p", {}, "Sending."));
    try {
      result.replaceChildren(...(await exchange(request)));
    } catch (failure) {
      result.replaceChildren(make("p", { class: "outcome bad" }, `No answer: ${failure.message}`));
    }
    send.disabled = false;
  };
  return make(
    "form",
    { onsubmit, "aria-label": `Try: ${operation.summary}` },
    make("h4", {}, "Try it"),
    server ? make("div", { class: "field" }, make("label", { for: server.id }, "Begins with"), server) : null,
    fields.map((field) => field.row),
    text ? make("div", { class: "field" }, make("label", { for: text.id }, "Body"), text) : null,
    send,
    result,
  );
}

// What a needed field begins with. Each request that has to have a key of its own gets one.
function beginningOf(parameter) {
  if (parameter.name === "Idempotency-Key" && crypto.randomUUID) return crypto.randomUUID();
  return parameter.example ?? parameter.schema.default ?? "";
}

function isList(parameter) {
  return [parameter.schema.type].flat().includes("array");
}

function requestOf(api, operation, fields, body, server) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of fields) {
    const value = input.value.trim();
    if (value === "" && parameter.in !== "path") continue;
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    } else if (parameter.in === "header") {
      headers[parameter.name] = value;
    } else if (parameter.style === "deepObject") {
      for (const [name, text] of new URLSearchParams(value)) query.append(`${parameter.name}[${name}]`, text);
    } else {
      for (const one of isList(parameter) ? value.split(",") : [value]) query.append(parameter.name, one.trim());
    }
  }
  const isOpen = operation.security && operation.security.length === 0;
  const key = state.keys.get(api.name);
  if (key && !isOpen) headers.Authorization = authorization(api, key);
  if (operation.responses["200"]?.content?.["text/event-stream"]) headers.Accept = "text/event-stream";
  const request = { url: server + path + (query.size ? `?${query}` : ""), method: operation.method.toUpperCase(), headers };
  if (body !== undefined && body.trim() !== "") {
    headers["Content-Type"] = "application/json";
    request.body = body;
  }
  return request;
}

// As the first of the document's ways to send a key has it.
function authorization(api, key) {
  const name = Object.keys(api.document.security[0])[0];
  const scheme = api.document.components.securitySchemes[name].scheme;
  return scheme === "basic" ? `Basic ${btoa(`${key}:`)}` : `Bearer ${key}`;
}

async function exchange(request) {
  const begin = performance.now();
  const answer = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    cache: "no-store",
    credentials: "omit",
  });
  const text = await beginning(answer);
  const took = Math.round(performance.now() - begin);
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const line = curl(request);
  return [
    make("p", { class: `outcome ${answer.ok ? "good" : "bad"}` }, `${answer.status} ${answer.statusText}`.trim(), `, in ${took} ms`),
    make("h5", {}, "Body"),
    text === "" ? make("p", {}, "None.") : make("pre", { class: "body", tabindex: "0", "aria-label": "Body of the answer" }, readable(text)),
    make("h5", {}, "Headers"),
    make("pre", { tabindex: "0", "aria-label": "Headers of the answer" }, headers),
    make("h5", {}, "The same with curl"),
    make("pre", { class: "curl", tabindex: "0", "aria-label": "The request as a curl line" }, line),
    copyButton(line),
  ];
}

// A stream has no end: what comes within three seconds is shown.
async function beginning(answer) {
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer.text();
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  const end = new Promise((resolve) => setTimeout(() => resolve({ done: true }), 3000));
  let text = "";
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), end]);
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader.cancel();
  return text;
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function curl(request) {
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const parts = [`curl -X ${request.method} ${quoted(location.origin + request.url)}`];
  for (const [name, value] of Object.entries(request.headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body !== undefined) parts.push(`-d ${quoted(request.body)}`);
  return parts.join(" \\\n  ");
}

function copyButton(text) {
  if (!navigator.clipboard) return null;
  const button = make("button", {
    type: "button",
    class: "quiet",
    onclick: async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    },
  }, "Copy the line");
  return button;
}

// MARK: From one place to another

// `#name`, or `#name/operation`.
function go() {
  const [name, operation] = decodeURIComponent(location.hash.slice(1)).split("/");
  const api = state.apis.find((one) => one.name === name) ?? (location.hash === "" || !state.shown ? state.apis[0] : null);
  // Such as `#main`: a place on the page as it is.
  if (!api) return;
  if (api !== state.shown) {
    show(api);
    if (!operation) scrollTo(0, 0);
  }
  const details = operation ? document.getElementById(`${name}/${operation}`) : null;
  if (!details) return;
  details.open = true;
  details.scrollIntoView();
  details.querySelector("summary").focus({ preventScroll: true });
}

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
  return answer.json();
}

async function begin() {
  try {
    const apis = await get("/docs/apis.json");
    state.apis = await Promise.all(
      apis.map(async (api) => ({
        name: api.name,
        source: api.document,
        isOpen: api.key !== null,
        document: await get(api.document),
      })),
    );
    for (const api of apis) if (api.key) state.keys.set(api.name, api.key);
  } catch (failure) {
    document.getElementById("state").textContent = `The documents cannot be read: ${failure.message}. Load the page again.`;
    return;
  }
  addEventListener("hashchange", go);
  go();
}

begin();
