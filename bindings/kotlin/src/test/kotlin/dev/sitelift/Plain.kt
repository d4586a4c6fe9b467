package dev.sitelift

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlin.reflect.KClass
import kotlin.reflect.KParameter
import kotlin.reflect.KProperty1
import kotlin.reflect.KType
import kotlin.reflect.full.memberProperties
import kotlin.reflect.full.primaryConstructor
import kotlin.reflect.jvm.jvmErasure

// Records as the case files have them, found by reflection, so that new fields need nothing here.

internal fun snake(name: String): String = name.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }

/** A value as JSON: fields in snake case, enum values in lower case. */
internal fun plain(value: Any?): JsonElement =
    when (value) {
        null -> JsonNull
        is Boolean -> JsonPrimitive(value)
        is Number -> JsonPrimitive(value)
        is String -> JsonPrimitive(value)
        is UByte -> JsonPrimitive(value.toLong())
        is UShort -> JsonPrimitive(value.toLong())
        is UInt -> JsonPrimitive(value.toLong())
        is ULong -> JsonPrimitive(value.toLong())
        is Enum<*> -> JsonPrimitive(value.name.lowercase())
        is List<*> -> JsonArray(value.map(::plain))
        is Map<*, *> -> JsonObject(value.entries.associate { (key, item) -> key as String to plain(item) })
        else -> record(value)
    }

private fun record(value: Any): JsonObject {
    check(value::class.isData) { "${value::class} is no record" }
    @Suppress("UNCHECKED_CAST")
    val fields = value::class.memberProperties as Collection<KProperty1<Any, *>>
    return JsonObject(fields.associate { snake(it.name) to plain(it.get(value)) })
}

/** Options of which the JSON names some, the others as they are by default. */
internal fun options(json: JsonObject): FetchOptions = make(FetchOptions::class, json) as FetchOptions

private fun make(type: KClass<*>, json: JsonObject): Any {
    val constructor = checkNotNull(type.primaryConstructor)
    val parameters = constructor.parameters.associateBy { snake(checkNotNull(it.name)) }
    val arguments = HashMap<KParameter, Any?>()
    for ((name, value) in json) {
        val parameter = checkNotNull(parameters[name]) { "$type has no $name" }
        arguments[parameter] = typed(parameter.type, value)
    }
    return constructor.callBy(arguments)
}

private fun typed(type: KType, json: JsonElement): Any? {
    if (json is JsonNull) return null
    val text = { json.jsonPrimitive.content }
    return when (val erased = type.jvmErasure) {
        Boolean::class -> json.jsonPrimitive.booleanOrNull
        String::class -> text()
        Double::class -> text().toDouble()
        UInt::class -> text().toUInt()
        ULong::class -> text().toULong()
        UShort::class -> text().toUShort()
        UByte::class -> text().toUByte()
        Long::class -> text().toLong()
        List::class -> json.jsonArray.map { typed(checkNotNull(type.arguments[0].type), it) }
        Map::class -> json.jsonObject.mapValues { typed(checkNotNull(type.arguments[1].type), it.value) }
        else -> if (erased.java.isEnum) constant(erased, text()) else make(erased, json.jsonObject)
    }
}

private fun constant(type: KClass<*>, name: String): Any =
    type.java.enumConstants.first { (it as Enum<*>).name.lowercase() == name }

/** A record of which every field holds something; [seed] makes them differ. */
internal fun full(type: KClass<*>, seed: Int): Any {
    var next = seed
    val constructor = checkNotNull(type.primaryConstructor)
    return constructor.callBy(constructor.parameters.associateWith { something(it.type, next++) })
}

private fun something(type: KType, seed: Int): Any =
    when (val erased = type.jvmErasure) {
        Boolean::class -> true
        String::class -> "text $seed é 漢字 🦀 \u0000 \"\n"
        Double::class -> seed + 0.25
        UInt::class -> UInt.MAX_VALUE - seed.toUInt()
        ULong::class -> ULong.MAX_VALUE - seed.toULong()
        UShort::class -> (UShort.MAX_VALUE - seed.toUInt()).toUShort()
        UByte::class -> (seed % 256).toUByte()
        Long::class -> Long.MIN_VALUE + seed
        List::class -> List(2) { something(checkNotNull(type.arguments[0].type), seed + it) }
        Map::class -> mapOf("" to 0, "key $seed é" to 1).mapValues { something(checkNotNull(type.arguments[1].type), seed + it.value) }
        else -> if (erased.java.isEnum) erased.java.enumConstants.last() else full(erased, seed)
    }
